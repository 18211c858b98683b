/**
 * The spool: one folder per camera in which segments wait for the master. There is no database; the
 * directory is the queue, and a file's ending says where in its life a segment is:
 *
 * <pre>
 *   NAME.mp4.part          OPEN      being written
 *   NAME.mp4 + NAME.json   SEALED    durable, hashed, waiting
 *   NAME.ack               VERIFIED  the master's receipt: video and manifest may go
 * </pre>
 */
package io.github.raspberryspy.segments.spool;
