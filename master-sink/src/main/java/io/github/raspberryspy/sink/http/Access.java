package io.github.raspberryspy.sink.http;

/** Who may use a route. */
enum Access {
  /** Everybody. */
  PUBLIC,
  /** People who signed in, owners and viewers. */
  PERSON,
  /** Owners: who may change what is kept, and who may come in. */
  OWNER,
  /** Cameras, each for what is its own. */
  CAMERA
}
