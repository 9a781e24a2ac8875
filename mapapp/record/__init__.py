"""The page of one record: legal facts apart, scope, places, alternatives near by, citation, structured data."""
