using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.DataProtection;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Counts wrong passwords so that nobody guesses one, and nobody keeps a person out by guessing wrong. Ten within five minutes close a name to the address they came from; a hundred within
/// a quarter of an hour close it to strangers: to browsers in which, and addresses from which, it has not signed in. Whoever sends a code of a second factor along may try even then, and learns
/// nothing unless both are right. A name counts alike whether an account has it or not.
/// In memory, on each node for itself and until it stops: with several nodes there are as many times the tries. Off like every limit per address and account.
/// </summary>
public sealed class SignInGate(IDataProtectionProvider keys, DispatchOptions options, TimeProvider time)
{
    /// <summary>Wrong passwords from one address, or one browser that the name has signed in with, within <see cref="Wait"/>.</summary>
    public const int TriesInARow = 10;

    /// <summary>Wrong passwords of all strangers within <see cref="StrangersWait"/>.</summary>
    public const int TriesOfStrangers = 100;

    /// <summary>Codes of all strangers who know the password, within <see cref="CodesWait"/>; as many from each address or browser that the name has signed in with.</summary>
    public const int TriesOfCodes = 100;

    /// <summary>How long a name takes no more codes.</summary>
    public static readonly TimeSpan CodesWait = TimeSpan.FromHours(1);

    /// <summary>How long a person is told of what was tried at their name.</summary>
    public static readonly TimeSpan ToldFor = TimeSpan.FromDays(1);

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
    private readonly Dictionary<string, (int Count, DateTimeOffset First, DateTimeOffset Last)> _told = [];
    private readonly IDataProtector _marks = keys.CreateProtector("DispatchCenter.SignInGate");

    /// <summary>An attempt at a name. It counts as wrong, before the slow hash, so that many at once are like many in a row; <see cref="Try.Succeeded"/> takes it back.</summary>
    /// <param name="stamp">The account's security stamp, so that a new password starts anew; empty for a name without account.</param>
    /// <param name="hasCode">Whether a code comes with the password.</param>
    public Try Enter(HttpContext http, string name, string stamp, bool hasCode = false)
    {
        if (!options.RateLimits) return new Try(this, default, false);
        var (who, account, address) = (Digest(name), Digest($"{name}\0{stamp}"), Limits.Address(http));
        var mark = MarkOf(http, name);
        lock (_gate)
        {
            var isStranger = mark is null && !(_known.TryGetValue($"{who} {address}", out var since) && time.GetUtcNow() - since < KnownFor);
            var pair = $"{account} {mark ?? address}";
            var counters = new Counters(pair, account, $"codes {(isStranger ? account : pair)}", $"{who} {address}", who);
            var (closed, toStrangers) = (Left(pair, TriesInARow, Wait), isStranger ? Left(account, TriesOfStrangers, StrangersWait) : null);
            if (closed is not null || (toStrangers is not null && !hasCode)) return new Try(this, counters, isStranger) { Closed = new[] { closed, toStrangers }.Max() };
            var closes = Add(pair, Wait) == TriesInARow;
            if (toStrangers is not null) return new Try(this, counters, isStranger: false) { Closes = closes, OnlyWithCode = toStrangers };
            if (isStranger) closes |= Add(account, StrangersWait) == TriesOfStrangers;
            return new Try(this, counters, isStranger) { Closes = closes };
        }
    }

    /// <summary>How often a wrong password or code was tried at an account's name within about <see cref="ToldFor"/>, and when last; null if never. What this node has seen since its start.</summary>
    public (int Count, DateTimeOffset Last)? WrongOf(string name)
    {
        lock (_gate) return _told.TryGetValue(Digest(name), out var told) && time.GetUtcNow() - told.Last < ToldFor ? (told.Count, told.Last) : null;
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

    private void TakeBack(string counter)
    {
        if (_wrong.TryGetValue(counter, out var have)) _wrong[counter] = (Math.Max(0, have.Count - 1), have.First);
    }

    private static void Bound<T>(Dictionary<string, T> counters, Func<T, DateTimeOffset> since)
    {
        if (counters.Count < Most) return;
        foreach (var old in counters.OrderBy(c => since(c.Value)).Take(Most / 10).Select(c => c.Key).ToList()) counters.Remove(old);
    }

    private static string Plain(string name) => name.ToUpperInvariant();

    private static string CookieOf(string name) => CookiePrefix + Digest(name)[..12];

    private static string Digest(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(name))).AsSpan(0, 16));

    /// <summary>The keys of an attempt's counters.</summary>
    internal readonly record struct Counters(string? Pair, string Strangers, string Codes, string Place, string Who);

    /// <summary>One attempt at a name.</summary>
    public sealed class Try
    {
        private readonly SignInGate _gate;
        private readonly Counters _counters;
        private readonly bool _isStranger;
        private bool _enteredCode;

        internal Try(SignInGate gate, Counters counters, bool isStranger) => (_gate, _counters, _isStranger) = (gate, counters, isStranger);

        /// <summary>How long the name stays closed to whoever asks; null if it is not, and the password may be tried.</summary>
        public TimeSpan? Closed { get; internal init; }

        /// <summary>How long the name stays closed to strangers; it is tried all the same, because a code came with the password, and whatever is wrong is answered as closed. Null if it is open.</summary>
        public TimeSpan? OnlyWithCode { get; internal init; }

        /// <summary>Whether this is the one that closes the name, should its password or code be wrong.</summary>
        public bool Closes { get; internal init; }

        /// <summary>The password was right; now its code is tried, and counts as wrong until <see cref="Succeeded"/>.</summary>
        /// <returns>How long the name takes no more codes; null if it does.</returns>
        public TimeSpan? EnterCode()
        {
            if (_counters.Pair is null) return null;
            lock (_gate._gate)
            {
                if (_gate.Left(_counters.Codes, TriesOfCodes, CodesWait) is { } left) return left;
                _gate.Add(_counters.Codes, CodesWait);
                _enteredCode = true;
                return null;
            }
        }

        /// <summary>The password was right, and no more was asked or a code is next: neither wrong nor a sign-in, so what was wrong before still counts.</summary>
        public void Withdraw()
        {
            if (_counters.Pair is null) return;
            lock (_gate._gate)
            {
                _gate.TakeBack(_counters.Pair);
                if (_isStranger) _gate.TakeBack(_counters.Strangers);
            }
        }

        /// <summary>It was wrong, at the name of an account, whose owner is told.</summary>
        public void Failed()
        {
            if (_counters.Pair is null) return;
            lock (_gate._gate)
            {
                var now = _gate.Now;
                Bound(_gate._told, told => told.Last);
                _gate._told[_counters.Who] = _gate._told.TryGetValue(_counters.Who, out var have) && now - have.First < ToldFor ? (have.Count + 1, have.First, now) : (1, now, now);
            }
        }

        /// <summary>The count starts anew, and the address is known.</summary>
        public void Succeeded()
        {
            if (_counters.Pair is null) return;
            lock (_gate._gate)
            {
                _gate._wrong.Remove(_counters.Pair);
                if (_isStranger) _gate.TakeBack(_counters.Strangers);
                if (_enteredCode) _gate.TakeBack(_counters.Codes);
                Bound(_gate._known, since => since);
                _gate._known[_counters.Place] = _gate.Now;
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
