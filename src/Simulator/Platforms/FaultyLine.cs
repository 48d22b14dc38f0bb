using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>What becomes of one request to a platform.</summary>
internal enum Fate
{
    Good,

    /// <summary>500, and nothing is taken.</summary>
    ServerError,

    /// <summary>No answer, and nothing is taken.</summary>
    Hang,

    /// <summary>The connection breaks, and nothing is taken.</summary>
    Drop,

    /// <summary>200 with a refusal inside.</summary>
    NestedRefusal,

    /// <summary>429.</summary>
    TooFast,

    /// <summary>Taken; the answer begins with a byte order mark.</summary>
    ByteOrderMark,

    /// <summary>Taken; the answer is lost with the connection.</summary>
    LostAnswer,

    /// <summary>Taken, and no answer.</summary>
    TakenThenHang,

    /// <summary>The access token has expired, or is not known.</summary>
    TokenGone,

    /// <summary>404: there is no such phone.</summary>
    PhoneUnknown,

    /// <summary>410: the phone has given up its address.</summary>
    PhoneGone,
}

/// <summary>The way to the platforms: at the given rate something goes wrong, and each kind is counted.</summary>
internal sealed class FaultyLine(Dice dice, double rate)
{
    private readonly ConcurrentDictionary<(string Platform, string About), int> _asked = new();
    private readonly ConcurrentDictionary<(string Platform, Fate Fate), int> _thrown = new();

    /// <summary>How often each fate befell a platform.</summary>
    public IReadOnlyDictionary<(string Platform, Fate Fate), int> Thrown => _thrown;

    /// <param name="about">What the request is about: its n-th has the same fate in every run.</param>
    public Fate Draw(string platform, string about, params Fate[] kinds)
    {
        var nth = _asked.AddOrUpdate((platform, about), 1, (_, before) => before + 1).ToString(CultureInfo.InvariantCulture);
        var fate = dice.Roll(platform, about, nth, "whether") >= rate ? Fate.Good : kinds[(int)(dice.Roll(platform, about, nth, "how") * kinds.Length)];
        Count(platform, fate);
        return fate;
    }

    public void Count(string platform, Fate fate) => _thrown.AddOrUpdate((platform, fate), 1, (_, before) => before + 1);

    /// <summary>Answers as fate wills; only what is taken is handed on.</summary>
    public static async Task PlayAsync(HttpContext http, Fate fate, Action take, int status, string good, string refusal)
    {
        if (fate is Fate.Good or Fate.ByteOrderMark or Fate.LostAnswer or Fate.TakenThenHang) take();
        switch (fate)
        {
            case Fate.Good or Fate.ByteOrderMark:
                await SayAsync(http, status, (fate == Fate.ByteOrderMark ? "\uFEFF" : string.Empty) + good);
                break;
            case Fate.ServerError:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case Fate.Drop or Fate.LostAnswer:
                http.Abort();
                break;
            case Fate.Hang or Fate.TakenThenHang:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case Fate.NestedRefusal or Fate.TokenGone:
                await SayAsync(http, StatusCodes.Status200OK, refusal);
                break;
            case Fate.TooFast:
                http.Response.Headers.RetryAfter = "1";
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                break;
            case Fate.PhoneUnknown or Fate.PhoneGone:
                http.Response.StatusCode = fate == Fate.PhoneUnknown ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
                break;
            default:
                throw new InvalidOperationException($"Unknown fate {fate}.");
        }
    }

    public static async Task SayAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        if (body.Length > 0) await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), http.RequestAborted);
    }
}
