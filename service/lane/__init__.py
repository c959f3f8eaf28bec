"""The read lane: answers that are the same for everybody, kept in the process as ready bytes."""
