"""The sandbox: bubblewrap (outside), namespaces and seccomp (inside), the warm process and the kernels that it forks,
watched until their limits. It knows nothing of nbgrader or of the course.

Nothing is handed on from here: the warm process must have one thread after its imports, so it imports little.
"""
