"""Scrapy's settings for every crawl. FORCEWIRE_* come from the environment, or from -s on Scrapy's command line."""

from __future__ import annotations

import os

from storage.rules import VARIABLES as RULES

FORCEWIRE_DATABASE_URL = os.environ.get("FORCEWIRE_DATABASE_URL") or "sqlite:///forcewire.db"
FORCEWIRE_SOURCES = os.environ.get("FORCEWIRE_SOURCES")
FORCEWIRE_CONTACT = os.environ.get("FORCEWIRE_CONTACT")
FORCEWIRE_DELAY = os.environ.get("FORCEWIRE_DELAY")
FORCEWIRE_ALLOW_LOOPBACK = os.environ.get("FORCEWIRE_ALLOW_LOOPBACK")  # 1: sources on this machine, for tests
for _name, *_ in RULES:
    locals()[f"FORCEWIRE_{_name}"] = os.environ.get(f"FORCEWIRE_{_name}")

BOT_NAME = "forcewire"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"
# Without a reactor: as fast as with one where it was measured, and only so can a program that has a loop of its own run
# one crawl after another in one process.
TWISTED_REACTOR_ENABLED = False

# Polite by construction: the spider sets USER_AGENT with a contact.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
DOWNLOAD_DELAY_JITTER = 0.5
DOWNLOADER = "crawler.downloader.PoliteDownloader"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.8,cy;q=0.5",
}
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 2**20
DOWNLOAD_WARNSIZE = 0
CLOSESPIDER_TIMEOUT = 900  # seconds for the visits of one crawl; the spider ends them itself, the rest waits

# Safe: no address but public ones, no scheme but http(s), no door into the running process.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "crawler.handler.SafeHandler",
    "https": "crawler.handler.SafeHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = False  # the first Set-Cookie with a domain would fetch the public suffix list
HTTPCACHE_ENABLED = False  # it hides edits for days; validators are kept with the articles
AUTOTHROTTLE_ENABLED = False
METAREFRESH_ENABLED = False
REDIRECT_ENABLED = False  # redirects and further tries are the fetcher's: they need the source's hosts and its pauses
RETRY_ENABLED = False
HTTPPROXY_ENABLED = False  # behind a proxy the guard would see the proxy's address alone

ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 300}
# Those that are switched off above are not even imported: the cookies' alone brings in an HTTP client of its own.
_UNUSED = (
    "offsite.OffsiteMiddleware",
    "robotstxt.RobotsTxtMiddleware",
    "httpauth.HttpAuthMiddleware",
    "downloadtimeout.DownloadTimeoutMiddleware",
    "stats.DownloaderStats",
    "retry.RetryMiddleware",
    "redirect.MetaRefreshMiddleware",
    "redirect.RedirectMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "httpcache.HttpCacheMiddleware",
    "httpcompression.HttpCompressionMiddleware",
)
DOWNLOADER_MIDDLEWARES = {
    **dict.fromkeys(f"scrapy.downloadermiddlewares.{name}" for name in _UNUSED),
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.compression.WholeBodies": 590,
}
EXTENSIONS = {
    "scrapy.extensions.closespider.CloseSpider": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.corestats.CoreStats": None,
}
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.logs.QuietFormatter"
STATS_DUMP = False
