# Every link of every page leads somewhere, and every page is well made.
crawl /
