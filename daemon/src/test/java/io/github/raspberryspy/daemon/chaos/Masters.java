package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a stage's cameras send to: one master, or replicas of one. */
interface Masters extends AutoCloseable {

  /** Where cameras and people reach it, on loopback. */
  int port();

  /** The configuration with which a command asks for a camera's token. */
  Path config();

  /** Where sealed footage lies, as files. */
  Path footage();

  /** Somebody who is signed in; empty while nobody serves. From any thread. */
  Optional<Person> person();

  /**
   * Starts all of it, and waits until it serves.
   *
   * @param limitBytes the most footage that it is to keep; 0 for no limit
   * @return what it said instead where it ended; empty if it runs
   */
  Optional<String> start(long limitBytes) throws IOException, InterruptedException;

  /** Ends all of it in order; says so where that fails. */
  Optional<String> stop() throws IOException, InterruptedException;

  /** Kills all of it, and what it stands on. */
  @Override
  void close() throws IOException, InterruptedException;
}
