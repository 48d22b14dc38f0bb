using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.DataProtection;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Counts wrong passwords so that nobody guesses one, and nobody keeps a person out by guessing wrong. Ten within five minutes close a name to the address they came from; a hundred within
/// a quarter of an hour close it to strangers: to browsers in which, and addresses from which, it has not signed in. A name counts alike whether an account has it or not.
/// In memory, on each node for itself and until it stops: with several nodes there are as many times the tries. Off like every limit per address and account.
/// </summary>
public sealed class SignInGate(IDataProtectionProvider keys, DispatchOptions options, TimeProvider time)
{
    /// <summary>Wrong passwords from one address, or one browser that the name has signed in with, within <see cref="Wait"/>.</summary>
    public const int TriesInARow = 10;

    /// <summary>Wrong passwords of all strangers within <see cref="StrangersWait"/>.</summary>
    public const int TriesOfStrangers = 100;

    /// <summary>How long a name stays closed to an address.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);

    /// <summary>How long a name stays closed to strangers.</summary>
    public static readonly TimeSpan StrangersWait = TimeSpan.FromMinutes(15);

    /// <summary>How long a browser or an address stays known.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    /// <summary>Names that one browser stays known for; signing in with one more forgets another.</summary>
    public const int NamesOfBrowser = 8;

    /// <summary>Counters kept; beyond it the oldest go.</summary>
    private const int Most = 50_000;

    private const string CookiePrefix = "known-";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Count, DateTimeOffset First)> _wrong = [];
    private readonly Dictionary<string, DateTimeOffset> _known = [];
    private readonly IDataProtector _marks = keys.CreateProtector("DispatchCenter.SignInGate");

    /// <summary>An attempt at a name. It counts as wrong, before the slow hash, so that many at once are like many in a row; <see cref="Try.Succeeded"/> takes it back.</summary>
    /// <param name="stamp">The account's security stamp, so that a new password starts anew; empty for a name without account.</param>
    public Try Enter(HttpContext http, string name, string stamp)
    {
        if (!options.RateLimits) return new Try(this, string.Empty, string.Empty, string.Empty, false);
        var (who, account, address) = (Digest(name), Digest($"{name}\0{stamp}"), Limits.Address(http));
        var mark = MarkOf(http, name);
        var (pair, strangers, place) = ($"{account} {mark ?? address}", account, $"{who} {address}");
        lock (_gate)
        {
            var isStranger = mark is null && !(_known.TryGetValue(place, out var since) && time.GetUtcNow() - since < KnownFor);
            var closed = new[] { Left(pair, TriesInARow, Wait), isStranger ? Left(strangers, TriesOfStrangers, StrangersWait) : null }.Max();
            if (closed is not null) return new Try(this, pair, strangers, place, isStranger) { Closed = closed };
            var closes = Add(pair, Wait) == TriesInARow;
            if (isStranger) closes |= Add(strangers, StrangersWait) == TriesOfStrangers;
            return new Try(this, pair, strangers, place, isStranger) { Closes = closes };
        }
    }

    /// <summary>Whether a name is closed to strangers, for the administrator's list.</summary>
    public bool IsClosedToStrangers(string name, string stamp)
    {
        lock (_gate) return Left(Digest($"{name}\0{stamp}"), TriesOfStrangers, StrangersWait) is not null;
    }

    /// <summary>Remembers in this browser that the name has signed in with it; it outlives the session, and opens nothing.</summary>
    public void Know(HttpContext http, string name)
    {
        if (!options.RateLimits) return;
        var own = CookieOf(name);
        foreach (var other in http.Request.Cookies.Keys.Where(key => key.StartsWith(CookiePrefix, StringComparison.Ordinal) && key != own).Skip(NamesOfBrowser - 1)) http.Response.Cookies.Delete(other);
        http.Response.Cookies.Append(own, _marks.Protect($"{Plain(name)}\0{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}\0{(time.GetUtcNow() + KnownFor).ToUnixTimeSeconds()}"),
            new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = KnownFor, Path = "/" });
    }

    private string? MarkOf(HttpContext http, string name)
    {
        if (http.Request.Cookies[CookieOf(name)] is not { Length: > 0 and < 1_000 } cookie) return null;
        try
        {
            return _marks.Unprotect(cookie).Split('\0') is [var of, var id, var until] && of == Plain(name) && long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds() ? id : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>How long a counter keeps its name closed; null if it does not.</summary>
    private TimeSpan? Left(string counter, int most, TimeSpan wait) =>
        _wrong.TryGetValue(counter, out var have) && have.Count >= most && have.First + wait - time.GetUtcNow() is { Ticks: > 0 } left ? left : null;

    private int Add(string counter, TimeSpan wait)
    {
        var now = time.GetUtcNow();
        Bound(_wrong, w => w.First);
        var have = _wrong.TryGetValue(counter, out var known) && now - known.First < wait ? (known.Count + 1, known.First) : (1, now);
        return (_wrong[counter] = have).Count;
    }

    private static void Bound<T>(Dictionary<string, T> counters, Func<T, DateTimeOffset> since)
    {
        if (counters.Count < Most) return;
        foreach (var old in counters.OrderBy(c => since(c.Value)).Take(Most / 10).Select(c => c.Key).ToList()) counters.Remove(old);
    }

    private static string Plain(string name) => name.ToUpperInvariant();

    private static string CookieOf(string name) => CookiePrefix + Digest(name)[..12];

    private static string Digest(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(name))).AsSpan(0, 16));

    /// <summary>One attempt at a name.</summary>
    public sealed class Try
    {
        private readonly SignInGate _gate;
        private readonly (string Pair, string Strangers, string Place) _counters;
        private readonly bool _isStranger;

        internal Try(SignInGate gate, string pair, string strangers, string place, bool isStranger) => (_gate, _counters, _isStranger) = (gate, (pair, strangers, place), isStranger);

        /// <summary>How long the name stays closed to whoever asks; null if it is not, and the password may be tried.</summary>
        public TimeSpan? Closed { get; internal init; }

        /// <summary>Whether this is the one that closes the name, should its password be wrong.</summary>
        public bool Closes { get; internal init; }

        /// <summary>The count starts anew, and the address is known.</summary>
        public void Succeeded()
        {
            if (_counters.Pair.Length == 0) return;
            lock (_gate._gate)
            {
                _gate._wrong.Remove(_counters.Pair);
                if (_isStranger && _gate._wrong.TryGetValue(_counters.Strangers, out var have)) _gate._wrong[_counters.Strangers] = (Math.Max(0, have.Count - 1), have.First);
                Bound(_gate._known, since => since);
                _gate._known[_counters.Place] = _gate.Now;
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
