"""What announces a PEN's secure messages and proves it: keys, words, disclaimers; and whoever wants to check one."""
