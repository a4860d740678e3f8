"""The configuration's own text: which file and lines a resource or module call stands in."""
