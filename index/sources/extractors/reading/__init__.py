"""What extractors read formats with: zip packages, XML, HTML, RTF, declared values, and the builder of the text."""
