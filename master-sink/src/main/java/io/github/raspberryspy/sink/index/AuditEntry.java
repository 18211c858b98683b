package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * What somebody did.
 *
 * @param number counts from 1, without a gap
 * @param at by the master's clock
 * @param who name of the person; empty by the sign-in link
 * @param address from where
 * @param action in one word
 * @param detail to what, or more of it; may be empty
 * @param hash SHA-256 over the hash of the entry before and the other fields, hexadecimal
 */
public record AuditEntry(
    long number,
    Instant at,
    String who,
    String address,
    String action,
    String detail,
    String hash) {}
