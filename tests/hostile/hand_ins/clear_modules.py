# Take all modules away.
# spoils: others too
# verdict: missing or failed or crashed
import sys
sys.modules.clear()
sys.meta_path.clear()
sys.path.clear()
def relu(z):
    return "right"
