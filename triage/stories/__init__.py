"""Stories of how something went well: written by staff, read by a second person, then anybody's."""
