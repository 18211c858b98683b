package io.github.raspberryspy.sink.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests of one camera, or of all people, are at work at one time: a credential that was
 * stolen, or a camera gone wild, takes its own share of the threads and leaves the others theirs;
 * and however many people wait for pictures, cameras bring their footage. Thread-safe.
 */
final class Share {

  /** Of the server's threads, a quarter; a camera of ours has a handful of requests under way. */
  static final int MOST = HttpServer.MOST_THREADS / 4;

  /** The same of all people. */
  static final int MOST_OF_PEOPLE = HttpServer.MOST_THREADS * 3 / 4;

  private static final String PEOPLE = ""; // no camera's name

  private final Map<String, Integer> atWork = new ConcurrentHashMap<>();

  /**
   * One more; whoever gets in {@link #leave}s.
   *
   * @throws Problem 429 if that is too many
   */
  void enter(String camera) {
    if (atWork.merge(camera, 1, Integer::sum) > MOST) {
      leave(camera);
      throw new Problem(
          429, "camera " + camera + " has " + MOST + " requests under way; wait for one of them");
    }
  }

  /**
   * One more of people; who gets in {@link #leave}s.
   *
   * @throws Problem 429 if that is too many
   */
  void enter() {
    if (atWork.merge(PEOPLE, 1, Integer::sum) > MOST_OF_PEOPLE) {
      leave();
      throw new Problem(
          429, "people have " + MOST_OF_PEOPLE + " requests under way; wait for one of them");
    }
  }

  void leave() {
    leave(PEOPLE);
  }

  void leave(String camera) {
    atWork.computeIfPresent(camera, (name, n) -> n == 1 ? null : n - 1);
  }
}
