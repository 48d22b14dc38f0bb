using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using DispatchCenter.Hub.Features.People;
using DispatchCenter.Hub.Features.Reach;
using DispatchCenter.Hub.Features.Reports;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Street;
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
    private static readonly FrozenDictionary<string, (Right Needs, string? Limit)> Rows = new Dictionary<string, (Right, string?)>
    {
        ["/Index"] = (KernelRights.Public, null),
        ["/Error"] = (KernelRights.Public, null),
        ["/Places"] = (KernelRights.Public, Limits.Tracking),
        ["/Posters"] = (WhistleRights.Posters, null),
        ["/SignIn"] = (KernelRights.Public, Limits.SignIns),
        ["/SignOut"] = (KernelRights.Public, null),
        ["/Whistle"] = (WhistleRights.Whistle, Limits.Whistles),
        ["/Track"] = (WhistleRights.Whistle, Limits.Tracking),
        ["/Party"] = (WhistleRights.PartyLink, Limits.Tracking),
        ["/Intake"] = (WhistleRights.WhistleForCaller, null),
        ["/Team"] = (WhistleRights.TeamPage, null),
        ["/Desk"] = (WhistleRights.DeskPage, null),
        ["/Brief"] = (ReportRights.Brief, null),
        ["/Callback"] = (WhistleRights.CallbackPage, null),
        ["/History"] = (ReportRights.History, null),
        ["/Stats"] = (ReportRights.Rates, null),
        ["/Wall"] = (WhistleRights.WallPage, null),
        ["/Audit"] = (ReportRights.Audit, null),
        ["/Styleguide"] = (KernelRights.Public, null),
        ["/Roster"] = (PeopleRights.Duty, null),
        ["/DutyStart"] = (PeopleRights.HandOverPage, null),
        ["/Review"] = (WhistleRights.ReviewPage, null),
        ["/Outbox"] = (ReachRights.Outbox, null),
        ["/Admin"] = (StreetRights.Policy, null),
        ["/Password"] = (KernelRights.Self, Limits.SignIns),
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
