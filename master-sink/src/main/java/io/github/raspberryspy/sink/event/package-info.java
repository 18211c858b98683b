/**
 * What happens at the master, as it happens: one bus to which store, reaper and fleet publish, and
 * to which the page's sockets and the embedding program listen.
 */
package io.github.raspberryspy.sink.event;
