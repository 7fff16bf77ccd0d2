from wherefrom.eval.benchmarks.load import LoadResult, parse_wrk

WRK_OUTPUT = """\
Running 5s test @ http://127.0.0.1:18401
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    40.86ms   10.20ms 120.11ms   80.00%
    Req/Sec   777.00     55.00     0.91k    70.00%
  Latency Distribution
     50%   38.50ms
     75%   41.00ms
     90%  850.00us
     99%    1.25s
  3885 requests in 5.00s, 40.00MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:    776.95
Transfer/sec:      8.00MB
"""


def test_wrk_output_is_parsed_into_milliseconds() -> None:
    assert parse_wrk(WRK_OUTPUT) == LoadResult(p50=38.5, p99=1250.0, rate=776.95, errors=7)
