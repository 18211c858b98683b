package io.github.raspberryspy.sink.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests of one camera are at work at one time: a credential that was stolen, or a
 * camera gone wild, takes its own share of the threads and leaves the others theirs. Thread-safe.
 */
final class Share {

  /** Of the server's threads, a quarter; a camera of ours has a handful of requests under way. */
  static final int MOST = HttpServer.MOST_THREADS / 4;

  private final Map<String, Integer> atWork = new ConcurrentHashMap<>();

  /**
   * One more; whoever gets in {@link #leave}s.
   *
   * @throws Problem 429 if that is too many
   */
  void enter(String camera) {
    int now = atWork.merge(camera, 1, Integer::sum);
    if (now > MOST) {
      leave(camera);
      throw new Problem(
          429, "camera " + camera + " has " + MOST + " requests under way; wait for one of them");
    }
  }

  void leave(String camera) {
    atWork.computeIfPresent(camera, (name, n) -> n == 1 ? null : n - 1);
  }
}
