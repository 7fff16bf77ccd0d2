"""Shared parts of the extractors: zip packages, XML, HTML, RTF, declared values, and the text builder."""
