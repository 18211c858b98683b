package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * Somebody with a password of their own.
 *
 * @param id random, for addresses
 * @param name as they wrote it
 * @param role what they may do
 * @param password its hash, with the hash's parameters
 * @param created by the master's clock
 */
public record Person(String id, String name, Role role, String password, Instant created) {}
