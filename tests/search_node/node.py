"""Lets the Elasticsearch client speak with the OpenSearch node of the tests. Never named in production.

Elasticsearch's client asks for its own media type and refuses a server that does not say “Elasticsearch”. OpenSearch
forked from Elasticsearch 7.10: below that greeting, mappings, analysis, queries and bulk requests are the same.
"""

from __future__ import annotations

from typing import Any

from elastic_transport import Urllib3HttpNode

PLAIN = {"json": "application/json", "x-ndjson": "application/x-ndjson"}


class OpenSearchNode(Urllib3HttpNode):
    """The client's own connection, with the two words changed that OpenSearch does not know."""

    def perform_request(self, method: str, target: str, body: Any = None, headers: Any = None, **more: Any) -> Any:
        headers = dict(headers or {})
        for name in ("accept", "content-type"):
            if headers.get(name, "").startswith("application/vnd.elasticsearch+"):
                headers[name] = PLAIN[headers[name].partition("+")[2].partition(";")[0]]
        answer = super().perform_request(method, target, body=body, headers=headers, **more)
        answer.meta.headers["x-elastic-product"] = "Elasticsearch"
        return answer
