"""Cases that pass through people, and the tasks that lie in their in-trays: runs approval routes."""
