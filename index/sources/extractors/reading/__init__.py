"""What the extractors of several formats share: zip packages, XML, HTML, RTF, declared values, and the text they build."""
