package io.github.raspberryspy.daemon.analyze;

import java.util.Map;

/** Where the report goes. Called on one thread. */
public interface AnalyzeOutput {

  /** Whether objects for programs are wanted, and not lines for people. */
  boolean isJson();

  /** A line for people. */
  void line(String text);

  /** An object for programs. */
  void object(Map<String, Object> fields);

  /** Something could not be done: one sentence. The rest goes on. */
  void problem(String sentence);
}
