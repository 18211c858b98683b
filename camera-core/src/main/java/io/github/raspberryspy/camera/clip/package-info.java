/** Video files for people: cut out of recordings without encoding them anew, or made of packets. */
package io.github.raspberryspy.camera.clip;
