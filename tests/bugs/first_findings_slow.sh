#!/usr/bin/env bash
# docs/reference/first_findings.md says how many executions each strategy takes; the default search finds every defect.
exec "$KLOOM_SOURCE_DIR/tools/first_findings" --check
