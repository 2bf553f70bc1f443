// Exports nothing.
int unrelated() { return 1; }
