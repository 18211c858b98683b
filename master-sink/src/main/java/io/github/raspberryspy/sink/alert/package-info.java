/** What people are told, by which channels, and that it gets there. */
package io.github.raspberryspy.sink.alert;
