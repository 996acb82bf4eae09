"""The files that people send by the consola: kept on the disk, looked at, loaded."""
