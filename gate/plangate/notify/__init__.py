"""From a report to the people in charge: what happened, who is told of it, in which words, and whether it came."""
