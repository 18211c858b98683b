/**
 * The master: receives segments, keeps them, finds them again, shows them.
 *
 * <p>{@code MasterServer} is the whole of it as one object. Each invariant that it keeps is written
 * down in the package where it is kept; the protocol is described in {@code docs/wire.md}.
 */
package io.github.raspberryspy.sink;
