package repair

import "sync"

// Names that many objects share.
const (
	urlNames      = "website link homepage webpage site web weblink href"
	summaryNames  = "description overview about details abstract text content notes note comment"
	sentenceNames = "responsibilities achievements accomplishments bullets bulletpoints keyachievements keyresponsibilities duties tasks points " +
		"descriptions contributions results details features"
	keywordNames = "technologies techstack technologystack stack tools tech skills skillsused technologiesused toolsused tags frameworks languagesused tools&technologies"
	startNames   = "start from since begin beginning datestart started startedat startedon startat datefrom fromdate startyear yearstart joined"
	endNames     = "end to until dateend ended endedat endedon endat dateto todate enddate endyear yearend finish finished left"
	personNames  = "company companyname organization organisation employer institution firm"
	titleNames   = "title jobtitle role positiontitle designation occupation job"
	placeNames   = "place locations where office"
	hourNames    = "hoursperweek weeklyhours workinghours workload totalhours pensum"
	projectNames = "keyprojects selectedprojects subprojects projectlist engagements initiatives"
	currentNames = "iscurrent currentlyworking currentlyworkinghere currentlyworkhere currentjob currentrole currentposition ongoing stillworking stillhere present"
)

var (
	start   = known{"startDate", date, startNames}
	end     = known{"endDate", endDate, endNames}
	current = known{"current", anything, currentNames}
	link    = known{"url", line, urlNames}
	links   = known{"links", loose, ""} // see fixer.links
	team    = known{"team", loose, "teamname teamsize squad"}
	hours   = known{"hours", loose, hourNames}
	honors  = known{"awards", loose, "recognition recognitions prizes honors honours"}
	status  = known{"status", loose, ""}
	rank    = known{"rank", loose, "ranking classrank"}
	level   = known{"level", loose, "seniority grade careerlevel joblevel"}
)

// specs are the members of the entries of sections, by the name of the section.
var specs = sync.OnceValue(func() map[string]*spec {
	all := map[string]*spec{
		"work": newSpec(
			known{"name", line, "company companyname employer employername organization organisation organizationname org firm institution business workplace"},
			known{"position", line, titleNames}, link, known{"location", place, placeNames}, start, end, current,
			known{"description", paragraphs, "companydescription aboutcompany"},
			known{"summary", paragraphs, "overview about jobdescription roledescription abstract text content"},
			known{"highlights", list, sentenceNames}, known{"keywords", words, keywordNames},
			known{"employmentType", line, "jobtype worktype contracttype employment"},
			known{"department", line, "division businessunit unit"}, known{"industry", line, "sector"}, known{"country", line, "countrycode"},
			links, team, hours, honors, known{"clients", loose, "client customers customer keyclients"},
			known{"supervisor", loose, "manager reportsto reportingto reportedto supervisedby supervisorname managername linemanager"},
			known{"workMode", loose, "remote workplacetype worksetting locationtype workarrangement worklocation workmodel"}, level,
			known{"projects", loose, projectNames},
		),
		"volunteer": newSpec(
			known{"organization", line, "name " + personNames + " club"}, known{"position", line, titleNames}, link, start, end, current,
			known{"summary", paragraphs, summaryNames}, known{"highlights", list, sentenceNames}, known{"location", place, placeNames},
			known{"keywords", words, keywordNames}, known{"country", line, "countrycode"},
			links, team, hours, honors, known{"cause", loose, "field category focus area"}, known{"department", loose, "division"},
			known{"projects", loose, projectNames},
		),
		"education": newSpec(
			known{"institution", line, "school university college schoolname universityname institutionname institute academy organization organisation name company"},
			known{"area", several, "major majors secondmajor doublemajor field fieldofstudy subject discipline concentration studyfield program programme course"},
			known{"studyType", line, "degree qualification degreetype studylevel title diploma"}, link,
			known{"startDate", date, startNames},
			known{"endDate", endDate, endNames + " graduationdate graduation graduationyear graduated graduatedon yearofgraduation completiondate completed completedon yearcompleted"},
			current, known{"score", line, "gpa grade grades cgpa marks result finalgrade average percentage classification"},
			known{"courses", words, "coursework relevantcourses relevantcoursework selectedcourses keycourses majorcourses courselist modules subjects curriculum electives"},
			known{"description", paragraphs, "summary overview about details abstract text content notes note comment"},
			known{"highlights", list, "achievements accomplishments bullets bulletpoints descriptions activities extracurriculars extracurricularactivities societies"},
			known{"honors", words, "honours honor honour distinctions distinction awards scholarship scholarships fellowship fellowships latinhonors"},
			known{"specialization", line, "specialisation specialty speciality"}, known{"location", place, placeNames},
			known{"keywords", words, keywordNames}, known{"country", line, "countrycode"},
			links, known{"minor", loose, "minors minorfield minorsubject minordegree secondaryfield"}, known{"thesis", loose, "dissertation thesistitle dissertationtitle thesistopic mastersthesis masterthesis bachelorthesis finalproject capstone"},
			known{"advisor", loose, "advisors adviser advisers supervisor supervisors thesisadvisor thesissupervisor doctoraladvisor academicadvisor mentor promotor"},
			known{"department", loose, "faculty division"}, known{"exchange", loose, "exchangeprogram exchangesemester studyabroad semesterabroad abroad"},
			rank, status, known{"ects", loose, "ectscredits ectspoints"}, known{"level", loose, "educationlevel leveleducation"}, known{"mode", loose, "type studymode modeofstudy attendance"},
			known{"projects", loose, projectNames + " academicprojects"},
		),
		"projects": newSpec(
			known{"name", line, "title project projectname projecttitle"}, known{"description", paragraphs, "summary overview about details abstract text content"},
			known{"highlights", list, sentenceNames + " outcome outcomes impact"}, known{"keywords", words, keywordNames}, start, end, current,
			known{"url", line, urlNames + " demo live liveurl livedemo demourl projecturl deployed"},
			known{"githubUrl", line, "github repository repo source sourcecode sourceurl code githublink githubrepo repourl repositoryurl git codeurl"},
			known{"roles", words, "role position jobtitle"}, known{"entity", several, "company organization organisation client employer institution customer"},
			known{"type", line, "category kind"}, known{"location", place, placeNames}, known{"country", line, "countrycode"},
			links, team, honors, status, known{"supervisor", loose, "advisor manager mentor supervisedby supervisors advisors"}, known{"license", loose, "licence"},
			known{"platform", loose, "platforms"}, known{"clients", loose, "clients customers"},
		),
		"skills": newSpec(
			known{"name", line, "skill title label skillname"}, known{"level", line, "proficiency rating fluency competency competence percentage percent stars score strength"},
			known{"keywords", words, "items skills list values technologies tags tools subskills"},
			known{"years", anything, "yearsofexperience yearsexperience experienceyears yearsofuse experience"}, known{"summary", paragraphs, summaryNames}, links, known{"url", line, urlNames},
		),
		"awards": newSpec(
			known{"title", line, "name award awardname"}, known{"date", date, "year awarded dateawarded awardedon received receivedon datereceived awarddate"},
			known{"awarder", line, "issuer organization organisation institution company awardedby issuedby by from grantor"},
			known{"summary", paragraphs, summaryNames}, link, known{"location", place, "locations where office"}, links, rank, level,
			known{"category", loose, "type kind field"}, known{"amount", loose, "value prizemoney funding"}, known{"place", loose, "prize placement"},
			known{"highlights", list, sentenceNames}, known{"keywords", words, keywordNames}, team,
		),
		"certificates": newSpec(
			known{"name", line, "title certificate certification certificatename"},
			known{"date", date, "issued issuedate dateissued issuedon issuedat dateobtained obtained obtainedon earned dateearned completiondate completed year startdate dateofissue"},
			known{"issuer", line, "issuingorganization issuingorganisation organization organisation authority issuedby provider institution vendor company awarder issuername by"},
			known{"url", line, urlNames + " credentialurl verificationurl certificateurl verifyurl verification credly"},
			known{"identifier", anything, "credentialid licensenumber licencenumber certificatenumber certificateid number license licence credential registrationnumber"},
			known{"expires", date, "expiry expirydate expirationdate expiration expiresat expireson validuntil validto validthrough enddate"},
			known{"summary", paragraphs, summaryNames}, known{"keywords", words, keywordNames}, known{"highlights", list, sentenceNames},
			links, status, hours, known{"score", loose, "grade result mark marks percentage"}, known{"level", loose, ""}, known{"location", place, placeNames + " state region"},
			known{"category", loose, "type kind"},
		),
		"publications": newSpec(
			known{"name", line, "title publicationtitle papertitle"},
			known{"publisher", line, "journal venue conference publishedin publication booktitle issuer"},
			known{"releaseDate", date, "date year published publicationdate publishdate datepublished publishedon publishedat releaseddate released"}, link,
			known{"summary", paragraphs, summaryNames}, known{"authors", words, "author coauthors contributors by writers"}, known{"doi", line, ""},
			known{"isbn", line, ""}, known{"keywords", words, keywordNames},
			links, status, known{"volume", loose, "vol"}, known{"issue", loose, "number no issuenumber"}, known{"pages", loose, "page pp pagerange"},
			known{"issn", loose, ""}, known{"arxiv", loose, "arxivid eprint"}, known{"pmid", loose, "pubmed pubmedid"}, known{"series", loose, ""}, known{"edition", loose, ""},
			known{"editors", loose, "editor editedby"}, known{"citations", loose, "citationcount citedby"}, known{"category", loose, "type kind publicationtype"},
			known{"location", place, placeNames + " conferencelocation venuelocation"}, known{"highlights", list, sentenceNames},
		),
		"languages": newSpec(
			known{"language", line, "name title lang idiom"}, known{"fluency", line, "level proficiency fluencylevel competency competence skilllevel"},
			known{"summary", paragraphs, summaryNames}, links, known{"url", line, urlNames}, known{"cefr", loose, "cefrlevel europeanlevel"},
			known{"reading", loose, "read readinglevel readingcomprehension"}, known{"writing", loose, "write written writinglevel writtenlevel"},
			known{"speaking", loose, "speak spoken speakinglevel spokenlevel oral"}, known{"listening", loose, "listen understanding listeninglevel comprehension"},
			known{"native", anything, "isnative nativespeaker mothertongue"}, known{"certificate", loose, "certification exam test certificates certifications"},
			known{"years", anything, "yearsofexperience yearsofstudy"}, start, end, known{"keywords", words, "tags"},
		),
		"interests": newSpec(
			known{"name", line, "title interest hobby label"}, known{"keywords", words, "tags items list values details"},
			known{"summary", paragraphs, "description overview about text content notes"}, links, known{"url", line, urlNames}, start, end,
			known{"level", loose, "proficiency"}, known{"highlights", list, sentenceNames}, known{"location", place, placeNames},
		),
		"references": newSpec(
			known{"name", line, "person fullname referee referencename contactname"},
			known{"reference", paragraphs, "text quote testimonial recommendation summary description content comment"},
			known{"position", line, titleNames}, known{"company", line, "organization organisation employer institution companyname"},
			known{"email", line, "mail emailaddress"}, known{"phone", line, "phonenumber telephone tel mobile"}, known{"url", line, urlNames + " linkedin linkedinurl"}, links,
			known{"relationship", loose, "relation relationtome connection"}, known{"location", place, placeNames + " address"}, known{"department", loose, ""},
		),
		"custom": newSpec(
			known{"name", line, "title heading label organization organisation institution company"},
			known{"subtitle", line, "subheading position role issuer publisher awarder"}, link,
			known{"date", date, "year"}, start, end, current, known{"summary", paragraphs, "description overview about details abstract text content notes value"},
			known{"highlights", list, "bullets bulletpoints points achievements responsibilities accomplishments items list entries"},
			known{"keywords", words, keywordNames}, known{"level", line, "fluency proficiency"}, known{"location", place, placeNames}, links,
		),
		"profiles": newSpec(
			known{"network", line, "name site platform type label service title provider"}, known{"username", line, "user handle login account id nickname"},
			known{"url", line, urlNames + " uri address"},
		),
	}
	for name, s := range all {
		s.addForeign(foreignNames[name])
	}
	return all
})

var basicsSpec = sync.OnceValue(func() *spec {
	s := newSpec(
		known{"name", line, "fullname"}, known{"label", several, "headline jobtitle position role tagline profession occupation currentposition currentrole currenttitle"},
		known{"image", line, "picture photo avatar photourl imageurl pictureurl profileimage profilepicture profilephoto portrait"},
		known{"email", several, "mail emailaddress emails emailaddresses workemail personalemail email2 secondaryemail"},
		known{"phone", several, "phonenumber telephone tel mobile mobilephone mobilenumber cell cellphone phones phonenumbers homephone workphone phone2 secondaryphone"},
		known{"url", several, "website homepage webpage site web portfolio portfoliourl personalwebsite websites personalsite website2 url2"},
		known{"summary", paragraphs, "about aboutme bio biography profile objective description overview introduction personalstatement professionalsummary statement careerobjective"},
		known{"location", anything, ""}, known{"profiles", anything, ""},
		known{"pronouns", line, "pronoun preferredpronouns"}, known{"birthDate", date, "birthday dateofbirth dob born birth"}, known{"nationality", line, "citizenship"},
		known{"fax", loose, "faxnumber"}, known{"drivingLicense", loose, "drivinglicence driverslicense driverslicence driverlicense driverlicence drivinglicenses driverslicenses drivinglicences"},
		known{"workPermit", loose, "visa visastatus workauthorization workauthorisation workpermission workstatus righttowork"},
		known{"availability", loose, "available availablefrom noticeperiod startavailability"}, known{"birthPlace", loose, "placeofbirth bornin"},
	)
	s.addForeign(foreignNames["basics"])
	return s
})

var locationSpec = sync.OnceValue(func() *spec {
	s := newSpec(
		known{"address", anything, "street streetaddress line1 address1 addressline addressline1"}, known{"postalCode", line, "zip zipcode postcode postal plz"},
		known{"city", line, "town locality place"}, known{"countryCode", line, "country countryname"}, known{"region", line, "state province county"},
	)
	s.addForeign(foreignNames["location"])
	return s
})

// rootNames are other names for the members of the root, folded.
var rootNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for name, aliases := range map[string]string{
		"basics": "basic basicinfo basicinformation personal personalinfo personalinformation personaldetails personaldata person profile contact contactinfo " +
			"contactinformation contactdetails header about",
		"work": "works job jobs experience experiences workexperience workexperiences employment employments employmenthistory workhistory professionalexperience " +
			"professionalexperiences career careerhistory jobexperience jobhistory",
		"volunteer": "volunteering volunteers volunteerexperience volunteerwork volunteerexperiences",
		"education": "educations studies academics academic academicbackground educationhistory educationalbackground educationbackground schooling",
		"projects":  "project personalprojects sideprojects selectedprojects keyprojects opensource opensourceprojects",
		"skills":    "skill technicalskills skillset skillsets coreskills keyskills competencies corecompetencies techskills expertise",
		"awards":    "award honors honours honorsandawards awardsandhonors prizes honorsawards",
		"certificates": "certificate certification certifications licenses licences licensesandcertifications licensescertifications certificationsandlicenses " +
			"credentials",
		"publications": "publication papers",
		"languages":    "language spokenlanguages",
		"interests":    "interest hobbies hobby hobbiesandinterests interestsandhobbies",
		"references":   "reference referees recommendations testimonials",
		"meta":         "metadata",
	} {
		names[name] = name
		for alias := range splitWords(aliases) {
			names[alias] = name
		}
	}
	return names
})

// settings are names at the root that are about the file rather than the person.
var settings = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for name := range splitWords("theme template version id _id uuid slug lang locale date lastmodified lastupdated updated updatedat created createdat format schema canonical style styles layout settings config configuration design colors fonts") {
		names[name] = true
	}
	return names
})
