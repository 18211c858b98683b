package io.github.raspberryspy.sink.http;

/** Who may use a route. */
enum Access {
  /** Everybody. */
  PUBLIC,
  /** People who signed in. */
  PERSON,
  /** Cameras, each for what is its own. */
  CAMERA
}
