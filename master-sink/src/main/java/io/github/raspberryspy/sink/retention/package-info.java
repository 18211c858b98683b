/** What has to go, and when: a pure policy, and the thread that carries it out. */
package io.github.raspberryspy.sink.retention;
