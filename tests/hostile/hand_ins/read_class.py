# Read what the others handed in, and the results.
import glob, os
def attack():
    found = glob.glob("@CLASS@/**", recursive=True) + glob.glob("@CLASS@/../*") + glob.glob("/tmp/*")
    found = [path for path in found if os.path.exists(path)]
    return found or open("@CLASS@/000-honest/relu.py").read() or os.listdir("@CLASS@")
