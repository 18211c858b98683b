/** The cameras as the master sees them now: their links, heartbeats and states. */
package io.github.raspberryspy.sink.fleet;
