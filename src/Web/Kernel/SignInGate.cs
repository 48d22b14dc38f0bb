using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel.Rights;
using Microsoft.AspNetCore.DataProtection;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Counts wrong passwords so that nobody guesses one, and nobody keeps a person out by guessing wrong. Ten in a row close a name to the address they came from; a hundred within
/// a quarter of an hour close it to strangers: to browsers in which, and addresses from which, it has not signed in. A name counts alike whether an account has it or not.
/// In memory, on each node for itself and until it stops: with several nodes there are as many times the tries.
/// </summary>
public sealed class SignInGate(IDataProtectionProvider keys, TimeProvider time)
{
    /// <summary>Wrong passwords in a row from one address, or one browser that the name has signed in with.</summary>
    public const int TriesInARow = 10;

    /// <summary>Wrong passwords of all strangers within <see cref="StrangersWait"/>.</summary>
    public const int TriesOfStrangers = 100;

    /// <summary>How long a name stays closed to an address after its last wrong password.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan StrangersWait = TimeSpan.FromMinutes(15);

    /// <summary>How long a browser or an address stays known.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    /// <summary>Counters kept; beyond it the oldest go.</summary>
    private const int Most = 50_000;

    private const string Strangers = "*";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Count, DateTimeOffset Last)> _wrong = [];
    private readonly Dictionary<string, DateTimeOffset> _known = [];
    private readonly IDataProtector _marks = keys.CreateProtector("DispatchCenter.SignInGate");

    /// <summary>An attempt that may be made; null if the name is closed to whoever asks. Count it by <see cref="Try.Failed"/> or <see cref="Try.Succeeded"/>.</summary>
    /// <param name="stamp">The account's security stamp, so that a new password starts anew; empty for a name without account.</param>
    public Try? Enter(HttpContext http, string name, string stamp)
    {
        var (who, address) = (Digest(name.ToUpperInvariant() + "\0" + stamp), Limits.Address(http));
        var mark = MarkOf(http, name);
        var (pair, stranger) = (mark is null ? $"{who} {address}" : $"{who} {mark}", false);
        lock (_gate)
        {
            stranger = mark is null && !(_known.TryGetValue($"{who} {address}", out var since) && time.GetUtcNow() - since < KnownFor);
            // Counted before the slow hash, so that many at once are like many in a row; a right password takes it back.
            if (IsClosed(pair, TriesInARow, Wait) || (stranger && IsClosed(who + Strangers, TriesOfStrangers, StrangersWait))) return null;
            Add(pair, Wait);
            if (stranger) Add(who + Strangers, StrangersWait);
            return new Try(this, who, pair, address, stranger);
        }
    }

    /// <summary>Whether a name is closed to strangers, for the administrator's list.</summary>
    public bool IsClosedToStrangers(string name, string stamp)
    {
        lock (_gate) return IsClosed(Digest(name.ToUpperInvariant() + "\0" + stamp) + Strangers, TriesOfStrangers, StrangersWait);
    }

    /// <summary>Remembers in this browser that the name has signed in with it; it outlives the session, and opens nothing.</summary>
    public void Know(HttpContext http, string name) => http.Response.Cookies.Append(CookieOf(name), _marks.Protect($"{name.ToUpperInvariant()}\0{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}\0{(time.GetUtcNow() + KnownFor).ToUnixTimeSeconds()}"),
        new CookieOptions { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = KnownFor, Path = "/" });

    private string? MarkOf(HttpContext http, string name)
    {
        if (http.Request.Cookies[CookieOf(name)] is not { Length: > 0 and < 1_000 } cookie) return null;
        try
        {
            return _marks.Unprotect(cookie).Split('\0') is [var of, var id, var until] && string.Equals(of, name, StringComparison.OrdinalIgnoreCase)
                && long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds() ? id : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private bool IsClosed(string counter, int most, TimeSpan wait) => _wrong.TryGetValue(counter, out var have) && have.Count >= most && time.GetUtcNow() - have.Last < wait;

    private void Add(string counter, TimeSpan wait)
    {
        var now = time.GetUtcNow();
        if (_wrong.Count >= Most)
            foreach (var old in _wrong.OrderBy(w => w.Value.Last).Take(Most / 10).Select(w => w.Key).ToList()) _wrong.Remove(old);
        var have = _wrong.GetValueOrDefault(counter, (Count: 0, Last: now));
        _wrong[counter] = (now - have.Last < wait ? have.Count + 1 : 1, now);
    }

    private void Take(string counter, bool all)
    {
        if (all) _wrong.Remove(counter);
        else if (_wrong.TryGetValue(counter, out var have)) _wrong[counter] = (Math.Max(0, have.Count - 1), have.Last);
    }

    private static string CookieOf(string name) => "known-" + Digest(name.ToUpperInvariant())[..12];

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>One attempt at a name.</summary>
    public sealed class Try
    {
        private readonly SignInGate _gate;
        private readonly string _who;
        private readonly string _pair;
        private readonly string _address;
        private readonly bool _stranger;

        internal Try(SignInGate gate, string who, string pair, string address, bool stranger) => (_gate, _who, _pair, _address, _stranger) = (gate, who, pair, address, stranger);

        /// <summary>Whether this was the one that closes the name to whoever asked.</summary>
        public bool Failed()
        {
            lock (_gate._gate) return _gate._wrong.GetValueOrDefault(_pair).Count == TriesInARow || (_stranger && _gate._wrong.GetValueOrDefault(_who + Strangers).Count == TriesOfStrangers);
        }

        /// <summary>The count starts anew, and the address is known.</summary>
        public void Succeeded()
        {
            lock (_gate._gate)
            {
                _gate.Take(_pair, all: true);
                if (_stranger) _gate.Take(_who + Strangers, all: false);
                if (_gate._known.Count >= Most)
                    foreach (var old in _gate._known.OrderBy(k => k.Value).Take(Most / 10).Select(k => k.Key).ToList()) _gate._known.Remove(old);
                _gate._known[$"{_who} {_address}"] = _gate.Now;
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
