/**
 * The footage on disk: partial uploads, the seal that turns one into a segment, quarantine, saved
 * marks and deletion. Layout, under the footage folder:
 *
 * <pre>
 *   CAMERA/DAY/NAME.mp4 + NAME.json        a segment and its manifest; NAME.saved beside it if saved
 *   .raspberryspy/incoming/TOKEN.info      who uploads what
 *   .raspberryspy/incoming/TOKEN.part      the bytes so far
 *   .raspberryspy/incoming/TOKEN.seal      the manifest: from here on the seal is finished at start
 *   .raspberryspy/quarantine/              what was refused, with the reason
 * </pre>
 */
package io.github.raspberryspy.sink.store;
