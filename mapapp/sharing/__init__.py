"""Share and take along: the state of the map as a picture, a page to print, a map to embed, and tags for previews."""
