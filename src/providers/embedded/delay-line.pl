# Holds every packet that is routed into a tun device back for a while and then hands it to the kernel again, in order: a long way, on kernels without netem.
#   delay-line.pl <device file> <name>          makes the device, and lets it stand
#   delay-line.pl <device file> <name> <ms>     is the way, for as long as it runs; without it what is sent there is lost
# Perl, for a tun device is made by an ioctl, which Node has not. The numbers are those of linux/if_tun.h.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NONBLOCK);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($file, $name, $holdMs) = @ARGV;
sysopen(my $tun, $file, O_RDWR | O_NONBLOCK) or die "$file: $!\n";
ioctl($tun, 0x400454ca, pack('a16 s x22', $name, 0x0001 | 0x1000)) or die "TUNSETIFF $name: $!\n"; # IFF_TUN | IFF_NO_PI
unless (defined $holdMs) {
  ioctl($tun, 0x400454cb, 1) or die "TUNSETPERSIST $name: $!\n";
  exit;
}

my $most = 10_000; # packets on the way at a time; what comes on top is lost, as in a full queue
my @held;
while (1) {
  my $now = clock_gettime(CLOCK_MONOTONIC);
  syswrite($tun, (shift @held)->[1]) while @held && $held[0][0] <= $now;
  my $ready = '';
  vec($ready, fileno($tun), 1) = 1;
  my $wait = @held ? $held[0][0] - clock_gettime(CLOCK_MONOTONIC) : undef;
  next if select($ready, undef, undef, defined $wait && $wait < 0 ? 0 : $wait) <= 0;
  my $due = clock_gettime(CLOCK_MONOTONIC) + $holdMs / 1000;
  while (sysread($tun, my $packet, 65_536)) {
    push @held, [$due, $packet] if @held < $most;
  }
}
