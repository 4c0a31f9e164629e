# Raise our own limits, or lower the grader's.
import os, resource
def attack():
    done = 0
    for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        for pid in (0, os.getpid(), os.getppid(), @PID@):
            try:
                resource.prlimit(pid, kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                done += 1
            except (OSError, ValueError):
                pass
    return done
