using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using DispatchCenter.Hub.Accounts;
using DispatchCenter.Web.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.WebEncoders;

namespace DispatchCenter.Web.Pages;

/// <summary>What the pages need from the host.</summary>
internal static class PagesSetup
{
    /// <summary>The row of the table of rights that each page stands under, and its limit per address. A page without a row stops the start.</summary>
    private static readonly FrozenDictionary<string, (Resource Needs, string? Limit)> Rows = new Dictionary<string, (Resource, string?)>
    {
        ["/Index"] = (Resource.Public, null),
        ["/Error"] = (Resource.Public, null),
        ["/Places"] = (Resource.Public, Limits.Tracking),
        ["/Posters"] = (Resource.Posters, null),
        ["/SignIn"] = (Resource.Public, Limits.SignIns),
        ["/SignOut"] = (Resource.Public, null),
        ["/Whistle"] = (Resource.Whistle, Limits.Whistles),
        ["/Track"] = (Resource.Whistle, Limits.Tracking),
        ["/Party"] = (Resource.PartyLink, Limits.Tracking),
        ["/Intake"] = (Resource.WhistleForCaller, null),
        ["/Team"] = (Resource.TeamPage, null),
        ["/Desk"] = (Resource.DeskPage, null),
        ["/Brief"] = (Resource.Brief, null),
        ["/Callback"] = (Resource.CallbackPage, null),
        ["/History"] = (Resource.History, null),
        ["/Stats"] = (Resource.Rates, null),
        ["/Wall"] = (Resource.WallPage, null),
        ["/Audit"] = (Resource.Audit, null),
        ["/Styleguide"] = (Resource.Public, null),
        ["/Roster"] = (Resource.Duty, null),
        ["/DutyStart"] = (Resource.HandOverPage, null),
        ["/Review"] = (Resource.ReviewPage, null),
        ["/Outbox"] = (Resource.Outbox, null),
        ["/Admin"] = (Resource.Policy, null),
        ["/Password"] = (Resource.Self, Limits.SignIns),
    }.ToFrozenDictionary();

    /// <summary>Pages whose forms may hold photos, or an administrator's files: what is too large for them they say themselves.</summary>
    private static readonly FrozenSet<string> TakesFiles = ["/Whistle", "/Track", "/Intake", "/Admin"];

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<WordBook>();
        services.AddScoped<Wording>();
        services.AddSingleton<PlaceBook>();
        // Without this Razor writes every Chinese character as an entity of eight bytes.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(options =>
        {
            options.Conventions.AddPageRoute("/Whistle", "/g/{grid}");
            options.Conventions.AddPageRoute("/Brief", "/brief"); // its first address
            options.Conventions.AddFolderApplicationModelConvention("/", StandUnderRow);
            options.Conventions.ConfigureFilter(new FormGate());
        });
        return services;
    }

    /// <summary>Language choice, and errors in words for whoever reads pages; everybody else gets problems. Before routing, which the error page needs again.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.UseLanguageChoice();
        app.UseThemeChoice();
        app.UseLargeChoice();
        app.UseWhen(IsPage, pages =>
        {
            pages.UseExceptionHandler("/error/500");
            pages.UseStatusCodePagesWithReExecute("/error/{0}");
        });
    }

    /// <summary>Whether a person in a browser asks, by whatever method.</summary>
    public static bool IsPage(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !http.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static void StandUnderRow(PageApplicationModel page)
    {
        // The group around all pages is public, so a page that is forgotten here must fail, not fall back.
        if (!Rows.TryGetValue(page.ViewEnginePath, out var row))
            throw new InvalidOperationException($"The page {page.ViewEnginePath} names no row of the table of rights.");
        page.EndpointMetadata.Add(new Needs(row.Needs));
        if (TakesFiles.Contains(page.ViewEnginePath))
            page.EndpointMetadata.Add(new RequestSizeLimitAttribute(PhotoForm.Limit));
        if (row.Limit is { } limit)
            page.EndpointMetadata.Add(new EnableRateLimitingAttribute(limit));
    }
}
