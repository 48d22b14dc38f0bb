
namespace DispatchCenter.Web.Features.Whistles;

/// <summary>
/// The memory that uploads use, and how much of it each may have. Only received bytes count, so many slow uploads block nobody. If the room is full, the
/// slowest upload of the busiest address makes way for the new one; if one address's half is full, the slowest of that address.
/// </summary>
/// <param name="shared">Whether one address may have at most half of it; off like every limit per address.</param>
internal sealed class UploadRoom(bool shared, TimeProvider time)
{
    /// <summary>Bytes that uploads hold at once: eight of the largest.</summary>
    public const long MostBytes = 8L * PhotoApi.Limit;

    /// <summary>Concurrent uploads.</summary>
    public const int Most = 256;

    /// <summary>A longer upload is aborted; enough for a camera-sized photo on a bad line.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>No upload is ended for being slow before this.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>After <see cref="RateGrace"/>, an upload with a lower average rate than this is ended.</summary>
    public const double LeastBytesPerSecond = 1024;

    public static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly HashSet<Place> _places = [];

    /// <summary>Uploads in progress.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _places.Count;
        }
    }

    /// <summary>A place for an upload; null if the room is full and no upload past <see cref="Grace"/> can make way.</summary>
    public Place? Enter(string address)
    {
        lock (_gate)
        {
            var full = _places.Count >= Most ? Busiest() : shared && Of(address).Count() >= Most / 2 ? address : null;
            if (full is not null && !TryMakeRoom(full, null)) return null;
            var place = new Place(this, address);
            _places.Add(place);
            return place;
        }
    }

    private void Take(Place place, int bytes)
    {
        lock (_gate)
        {
            place.Bytes += bytes;
            var full = _places.Sum(p => p.Bytes) > MostBytes ? Busiest() : shared && Of(place.Address).Sum(p => p.Bytes) > MostBytes / 2 ? place.Address : null;
            if (full is not null && !TryMakeRoom(full, place)) place.End();
        }
    }

    private void Leave(Place place)
    {
        lock (_gate) _places.Remove(place);
    }

    private IEnumerable<Place> Of(string address) => _places.Where(p => p.Address == address && !p.IsOver);

    private string Busiest() => _places.GroupBy(p => p.Address).MaxBy(g => g.Sum(p => p.Bytes + 1))!.Key;

    private bool TryMakeRoom(string address, Place? but)
    {
        if (Of(address).Where(p => p != but && p.Age >= Grace).MinBy(p => p.Bytes / p.Age.TotalSeconds) is not { } slowest) return false;
        slowest.End();
        return true;
    }

    /// <summary>One upload. Disposing it releases its bytes.</summary>
    public sealed class Place : IDisposable
    {
        private readonly UploadRoom _room;
        private readonly TimeProvider _time;
        private readonly long _since;
        private readonly CancellationTokenSource _over;

        internal Place(UploadRoom room, string address)
        {
            (_room, _time, Address) = (room, room.Time, address);
            (_since, _over) = (_time.GetTimestamp(), new CancellationTokenSource(Longest, _time));
        }

        /// <summary>Cancelled when it took too long or had to give way.</summary>
        public CancellationToken Over => _over.Token;

        internal string Address { get; }

        internal long Bytes { get; set; }

        internal bool IsOver => _over.IsCancellationRequested;

        internal TimeSpan Age => _time.GetElapsedTime(_since);

        /// <summary>Counts received bytes.</summary>
        public void Take(int bytes) => _room.Take(this, bytes);

        public void Dispose()
        {
            _room.Leave(this);
            _over.Dispose();
        }

        internal void End() => _over.Cancel();
    }

    private TimeProvider Time => time;
}

/// <summary>A body that counts its bytes as they arrive and ends with its place.</summary>
internal sealed class CountedBody(Stream body, UploadRoom.Place place) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, place.Over);
        var read = await body.ReadAsync(buffer, either.Token);
        place.Take(read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
