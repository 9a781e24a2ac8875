"""Users and sign-in: the ground floor, knowing nothing of layers."""
