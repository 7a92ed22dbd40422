"""The stack: takes this machine and its environment, leaves the product served, and stops all of it again.

Everything here but `provision` (which speaks SQL) is the Python standard library, and none of it imports Django: Django
runs in the children.
"""
