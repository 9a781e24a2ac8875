"""Reports of visitors (phản ánh): sending one, asking how far it has come, voting, the public figure of votes."""
