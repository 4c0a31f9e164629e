# Get at a file by links in the scratch folder.
import os
def attack():
    for link in (os.symlink, os.link):
        try:
            link("@CANARY@", "mine")
            return True
        except OSError:
            pass
