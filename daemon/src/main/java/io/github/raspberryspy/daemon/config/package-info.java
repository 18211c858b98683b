/**
 * Configuration: one YAML file each for camera and master, in which every key is known, has a
 * default and a range, and may be set by {@code --set} and by an environment variable as well.
 */
package io.github.raspberryspy.daemon.config;
