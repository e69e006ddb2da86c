"""What a seeker may say it is about, before anybody is there. Codes only: free words never queue.

The names people read are `topics.<code>` in the language files. Source: clinical intake block Q7.
"""

from typing import Final

TOPICS: Final = ("mood", "family", "debt", "wages", "injury", "bullying", "overtime", "other")
