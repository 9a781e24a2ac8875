"""Reports of visitors (phản ánh): sending one, asking how far it has come, voting, and the public figure of the votes."""
